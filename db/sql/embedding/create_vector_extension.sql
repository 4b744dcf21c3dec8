-- Vectors and their nearest-neighbour index.
CREATE EXTENSION IF NOT EXISTS vector;
