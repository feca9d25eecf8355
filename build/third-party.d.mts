export type BundledPackage = Readonly<{name: string; version: string; license: string; text: string; folder: string}>;
export function packageFolders(inputs: readonly string[]): string[];
export function bundledPackages(inputs: readonly string[], root: URL): Promise<BundledPackage[]>;
export function notices(packages: readonly BundledPackage[]): string;
