/** Midnight where the administrator is, of a day as a field of dates gives it, or of one after it. */
export function startOfDay(day: string, daysLater = 0): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const found = new Date(year, month - 1, date + daysLater);
  // Whatever else stands in the address is the server's to refuse.
  return Number.isNaN(found.getTime()) ? day : found.toISOString();
}
