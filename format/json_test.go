package format

import (
	"strings"
	"testing"
)

func TestJSONIsTheSubsetAllReadersAgreeOn(t *testing.T) { // L1
	t.Parallel()
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	many := func(last string) string {
		var b strings.Builder
		for i := range 40 {
			b.WriteString(`"k` + string(rune('À'+i)) + `":1,`)
		}
		return "{" + b.String() + `"` + last + `":1}`
	}
	for _, good := range []string{
		`null`, ` true `, `-0`, `0`, `10.5e-3`, `1E+9`, `""`, `"\u00e9\ud83d\ude80\/\b"`, "\"\u2028\"", `[]`, `{}`, `[1,[2],{"a":{"a":1}}]`, deep(64), many("last"),
	} {
		if err := checkJSON([]byte(good), true); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{
		``, ` `, `nul`, `01`, `-`, `1.`, `.5`, `1e`, `+1`, `NaN`, `"`, `"a`, `"\x"`, `"\u12"`, `"\u12g4"`, "\"\n\"", `'a'`, `[`, `[1`, `[1,`, `[1,]`, `[,1]`, `[1 2]`,
		`{`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{a:1}`, `{1:1}`, `{"a" 1}`, `1 1`, `{}{}`, `[]x`, "\xff", "\"\xed\xa0\x80\"",
		`"\ud800"`, `"\udc00"`, `"\ud800\u0041"`, `"\ud800x"`, `{"\ud800":1}`,
		`{"a":1,"a":2}`, `{"a":1,"b":2,"\u0061":3}`, `[{"x":{"a":1,"a":1}}]`, many("kÀ"), many("kç"), deep(65),
		`{"_sd":1}`, `[{"a":{"_sd":[]}}]`, `{"...":1}`, `{"\u005fsd":1}`,
	} {
		if err := checkJSON([]byte(bad), true); err == nil {
			t.Errorf("%s is accepted", bad)
		}
	}
	if err := checkJSON([]byte(`{"_sd":1}`), false); err != nil {
		t.Errorf("a reserved name where it is not: %v", err)
	}
}

func TestALeafOverTheLimitIsNotReadAtAll(t *testing.T) { // L2
	t.Parallel()
	_, err := ReadLeaf(make([]byte, MaxLeaf+1), nil)
	if err == nil || !strings.Contains(err.Error(), "at most 4096") {
		t.Error(err)
	}
}
