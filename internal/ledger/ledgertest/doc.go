// Package ledgertest holds what tests of the chain need: the suite every
// [ledger.Store] passes, a store in memory, and a store that fails on request.
//
// Holds: nothing on disk.
// Promises: [Run] has one subtest for each sentence of the contract.
// May open: the law and the ledger.
// Never: is linked into the product.
package ledgertest
