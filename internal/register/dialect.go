package register

import (
	"context"
	"database/sql/driver"
)

// A fault is what a driver's typed error means to us.
type fault int

const (
	faultOther   fault = iota // a broken machine, or a bug
	faultTwice                // a key is there already
	faultRefused              // a trigger or a constraint refused
	faultAgain                // another transaction was in the way; the same again may succeed
	faultFull                 // no room; nothing was written
)

// A dialect is everything in which the two engines differ for the one text of
// our queries.
type dialect struct {
	name       string // of the engine, and of its folder of migrations
	now        string // SQL: the database's time, microseconds since 1970 UTC
	lock       string // clause that holds a selected row to the transaction's end
	searchFrom string // SQL: the documents and their index, as d
	searchIn   string // SQL: true where a document has what match made of the words, as $1
	searchKey  string // SQL: the column that numbers the documents
	searchBare string // SQL: what has that column, and needs no more for searchIn
	nextWord   string // SQL: the first indexed word from $1 on; "": beginnings of words cost no more than words
	texts      string // SQL: the texts of a JSON array, $1, one in a row
	match      func([]wanted) string
	fault      func(error) fault
	scrub      []string // statements that leave no erased row behind
	sound      string   // asks whether tables and indexes agree; "": the engine cannot be asked
}

// cells is one row of an answer. NULL reads as the zero value.
type cells []driver.Value

func (c cells) text(i int) string {
	switch v := c[i].(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return ""
}

func (c cells) int(i int) int64 {
	v, _ := c[i].(int64)
	return v
}

func (c cells) bytes(i int) []byte {
	switch v := c[i].(type) {
	case []byte:
		return v
	case string:
		return []byte(v)
	}
	return nil
}

// A session is one connection to the database. It is used by one goroutine at
// a time. Arguments are int64, string, []byte and nil.
type session interface {
	// exec runs a statement and says how many rows it changed.
	exec(ctx context.Context, query string, args ...any) (int64, error)
	// query runs row for each row of the answer; row's error ends it. The
	// cells are row's only until it returns, their values for ever.
	query(ctx context.Context, query string, args []any, row func(cells) error) error
	// script runs statements that take no arguments.
	script(ctx context.Context, statements string) error
}

// An engine runs transactions.
type engine interface {
	// write runs fn in a transaction that is durable when nil is returned.
	write(ctx context.Context, fn func(*Tx) error) error
	// read runs fn on one unchanging view of the database.
	read(ctx context.Context, fn func(*Tx) error) error
	// alone runs fn in a transaction no other runs beside.
	alone(ctx context.Context, fn func(session) error) error
	// outside runs statements that may not stand in a transaction.
	outside(ctx context.Context, statements []string) error
	close() error
}
