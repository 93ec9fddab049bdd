/** How the names of notes begin in which views keep what they read off the log. */
export const viewNotes = 'view/'
