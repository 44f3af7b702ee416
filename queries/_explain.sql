-- _explain: how the server runs a statement, with the rows each step really touched
explain (analyze, costs off, timing off, summary off) {statement}
