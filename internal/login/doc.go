// Package login is persons' credentials: with what a person shows who they are
// at the counter, and that an act is theirs.
//
// Holds: rows of the register that are no part of the record and may be
// changed and erased: passkeys, passwords and code generators, recovery codes,
// single sign-on subjects, sessions, tokens of programs, set-up links, attempts. Persons keep their
// key files themselves.
// Promises: nothing it stores lets somebody in who reads it: tokens, codes and
// passwords are hashes, what must be read again is sealed under the session
// key. No answer tells whether a person exists. Whoever guesses waits longer
// and longer, never for ever. A key file that was changed signs nothing, or
// nothing that is taken for the act of the person whose key it was.
// May open: the law, format, register.
// Never: knows an incident, decides who may (that is the desk's), or writes a
// secret, a name somebody typed or an address to a row, a log or an error.
package login
