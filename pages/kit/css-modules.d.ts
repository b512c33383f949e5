declare module '*.module.css' {
  /** The build fails for a name that the file does not have. */
  const names: Readonly<Record<string, string>>;
  export = names;
}

declare module '*.css';
