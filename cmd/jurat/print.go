package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strconv"
	"strings"
	"unicode"

	"jurat"
)

// object prints one line of JSON.
func (c *call) object(v any) error {
	c.bar.clear()
	e := json.NewEncoder(c.stdout)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// either prints v with --json, and the sentence otherwise.
func (c *call) either(v any, format string, args ...any) error {
	if c.verbs.JSON {
		return c.object(v)
	}
	return c.print(format, args...)
}

// say prints a sentence for people; with --json it is not data and stays out.
func (c *call) say(format string, args ...any) {
	if !c.verbs.JSON {
		_ = c.print(format, args...) // a reader who went away has missed a sentence, nothing else
	}
}

func (c *call) print(format string, args ...any) error {
	c.bar.clear()
	_, err := fmt.Fprintf(c.stdout, format+"\n", visible(args)...)
	return err
}

// complain prints what went wrong.
func (c *call) complain(format string, args ...any) { c.warn("jurat: "+format, args...) }

// warn prints a line that names its own place, as a compiler does.
func (c *call) warn(format string, args ...any) {
	c.bar.clear()
	fmt.Fprintf(c.stderr, format+"\n", visible(args)...)
}

// visible escapes what a terminal would obey or a reader not see in texts that
// others wrote, such as the name of a file. In an error the line breaks stay:
// one that lists several causes has a line for each.
func visible(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		out[i] = a
		if err, ok := a.(error); ok {
			lines := strings.Split(err.Error(), "\n")
			for n := range lines {
				lines[n] = escape(short(lines[n]))
			}
			out[i] = strings.Join(lines, "\n")
			continue
		}
		switch v := reflect.ValueOf(a); v.Kind() {
		case reflect.String:
			out[i] = escape(v.String())
		case reflect.Slice:
			if v.Type().Elem().Kind() == reflect.String {
				words := make([]string, v.Len())
				for n := range words {
					words[n] = escape(v.Index(n).String())
				}
				out[i] = strings.Join(words, ", ")
			}
		}
	}
	return out
}

// short cuts a line nobody would read to its end, such as ten thousand names
// in one sentence.
func short(line string) string {
	const most = 2000
	if len(line) <= most {
		return line
	}
	return strings.ToValidUTF8(line[:most], "") + " … (and more)"
}

func escape(s string) string {
	hidden := func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar
	}
	if !strings.ContainsFunc(s, hidden) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if hidden(r) {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// text reads a file a person named; "-" is standard input, which can be read
// once.
func (c *call) text(path string) ([]byte, error) {
	if path == "-" {
		if c.input {
			return nil, jurat.Errorf(jurat.Invalid, "standard input (-) can be read once; name a file for the other")
		}
		c.input = true
		b, err := io.ReadAll(c.stdin)
		if err != nil {
			return nil, jurat.Because(jurat.Unavailable, err, "standard input cannot be read")
		}
		return b, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, unread(path, err)
	}
	return b, nil
}

// unread says why a file a person named could not be read.
func unread(path string, err error) error {
	return jurat.Because(jurat.Unavailable, reason(err), "%s cannot be read", path)
}

// reason is the cause of a file's error without the name, which the sentence
// around it has.
func reason(err error) error {
	if p, ok := errors.AsType[*os.PathError](err); ok {
		return p.Err
	}
	return err
}
