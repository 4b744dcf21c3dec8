-- Makes an embedder's graph anew, with all of its vectors. $1 embedder
SELECT rebuild_graph($1);
