// Package numbers is what leaves the record as counts: publication, the reports
// an order or a statute asks for, rights cards, and the checks of tables that
// come in.
//
// Holds: nothing. Facts, orders and a checkpoint go in, tables and pages come
// out; whoever calls keeps them.
// Promises: the same input gives the same bytes, whatever the order in which
// the facts come. No table is finer than a month and an area. A number that
// rests on few incidents is withheld, and no withheld number follows from the
// numbers beside it by subtraction (docs/publication.md). Zero is printed as
// zero. A row that comes in is accepted whole or refused whole, with the column
// and the reason. Unknown is never counted as no, nor silence as refusal.
// May open: the law, the letter, the orders, golang.org/x/text.
// Never: reads a clock, a network, a disk or a database; prints a person, a
// badge, an address, a plate, a time of day or an exact place; calls anything a
// finding that no body with that power found.
package numbers
