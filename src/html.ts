/** Text as it may stand in HTML, attributes too. */
export const html = (text: string): string => text.replace(/[&<>"'`]/g, char => `&#${char.charCodeAt(0)};`)
