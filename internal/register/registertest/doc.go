// Package registertest holds the suite every engine of the register passes, and
// the start of a PostgreSQL server for tests.
//
// Holds: nothing; servers and databases it starts lie in temporary folders.
// Promises: [Run] has one subtest for each sentence of the register's contract.
// May open: the law, format, ledger and the register; programs of an installed
// PostgreSQL.
// Never: is linked into the product; skips without saying why.
package registertest
