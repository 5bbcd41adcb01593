// Package web is the counter: the pages and the API at which people work with a
// record in a browser.
//
// Holds: the templates of the pages, the catalogues of their words, the style
// sheet, scripts and fonts it serves, all embedded; nothing on disk.
// Promises: every page works without a script, in English and Spanish, by
// keyboard; what is absent and what is not yours to see is one page, byte for
// byte; nothing of a case stands in an address, a log line or a cache; what was
// entered is kept when something fails; no call of a network.
// May open: the desk, for everything it shows and does; login, for who is
// asking; the law, for its words.
// Never: decides who may, writes SQL, holds a rule of an order, or serves an
// uploaded byte as a page of its own.
package web
