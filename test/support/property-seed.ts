import fc from 'fast-check';

// The same cases every time, so that a commit is judged by itself; PROPERTY_SEED=random looks for new ones.
const seed = process.env.PROPERTY_SEED;
if (seed !== 'random') fc.configureGlobal({...fc.readConfigureGlobal(), seed: Number(seed ?? 20_261_126)});
