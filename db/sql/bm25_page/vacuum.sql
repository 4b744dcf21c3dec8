-- Gives the room of segments that are gone to others, and what is free at the end of the table back to the system.
VACUUM bm25_pages;
