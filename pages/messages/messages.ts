/** The texts of another language than English: one for each key, and no other. */
export type Messages<English> = Readonly<Record<keyof English, string>>;
