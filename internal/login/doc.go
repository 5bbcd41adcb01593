// Package login is persons' credentials: with what a person shows that an act
// is theirs.
//
// Holds: personal key files, which persons keep themselves; nothing in the
// record but public keys, which the desk keeps.
// Promises: a key file that was changed signs nothing, or nothing that is taken
// for the act of the person whose key it was.
// May open: the law, format.
// Never: knows an incident, decides who may, or writes a secret to a log.
package login
