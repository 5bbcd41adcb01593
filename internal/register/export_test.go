package register

// The tests of PostgreSQL's faults need the inside; its server is started from
// outside.
var (
	Retried            = retried
	UnknownOnPostgres  = unknownOnPostgres
	KilledBeforeCommit = killedBeforeCommit
	Words              = words
)
