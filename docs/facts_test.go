// Package docs holds the pages of the documentation, and the tests that keep
// what they say of the code equal to the code. The commands that the pages show
// are run by the tests of cmd/talkgraph.
package docs

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/session"
)

var update = flag.Bool("update", false, "rewrite the tables of the pages")

// read returns a file of the repository, by its path from here.
func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.FromSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestREADME holds the lines of the README's embedding to engine's Example,
// which is compiled and run.
func TestREADME(t *testing.T) {
	blocks := fenced(read(t, "../README.md"), "go")
	if len(blocks) != 1 {
		t.Fatalf("the README has %d blocks of Go, want 1", len(blocks))
	}
	source := read(t, "../engine/example_test.go")
	_, body, found := strings.Cut(source, "\nfunc Example() {\n")
	if !found {
		t.Fatal("engine has no Example")
	}
	body, _, _ = strings.Cut(body, "\t// Output:")
	body = strings.ReplaceAll(body, "../testdata", "testdata")
	want := regexp.MustCompile(`(?m)^\t`).ReplaceAllString(body, "")
	if diff := cmp.Diff(want, blocks[0]); diff != "" {
		t.Errorf("the README's lines are not those of engine's Example (-Example +README):\n%s", diff)
	}
}

// TestSDKExample holds the lines of api.md's client to the function that the
// tests of the SDK run.
func TestSDKExample(t *testing.T) {
	source := read(t, "../api/sdktest/example_test.go")
	_, body, found := strings.Cut(source, "\nfunc talk(address string, out io.Writer) error {\n")
	body, _, closed := strings.Cut(body, "\treturn nil\n}\n")
	if !found || !closed {
		t.Fatal("api/sdktest has no example")
	}
	body = strings.NewReplacer("= address", `= "127.0.0.1:8080"`, "Fprintln(out, ", "Println(").Replace(body)
	want := regexp.MustCompile(`(?m)^\t`).ReplaceAllString(body, "")
	if blocks := fenced(read(t, "api.md"), "go"); len(blocks) != 1 || blocks[0] != want {
		t.Errorf("the client of api.md is not that of api/sdktest (-example +page):\n%s", cmp.Diff([]string{want}, blocks))
	}
}

// TestEmbeddingCompiles compiles the Go of embedding.md, which is one file cut
// into blocks.
func TestEmbeddingCompiles(t *testing.T) {
	source := filepath.Join(t.TempDir(), "gateway.go")
	code := strings.Join(fenced(read(t, "embedding.md"), "go"), "\n")
	if err := os.WriteFile(source, []byte(code), 0o644); err != nil {
		t.Fatal(err)
	}
	// An overlay puts the file into the module without writing it there.
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]any{
		"Replace": map[string]string{filepath.Join(root, "docs", "gateway", "gateway.go"): source},
	})
	if err != nil {
		t.Fatal(err)
	}
	file := source + ".overlay"
	if err := os.WriteFile(file, overlay, 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "build", "-overlay", file, "./gateway").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	formatted, err := format.Source([]byte(code))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(formatted), code); diff != "" {
		t.Errorf("the Go is not formatted (-gofmt +page):\n%s", diff)
	}
}

// fenced returns the fenced blocks of a language.
func fenced(page, lang string) []string {
	var blocks []string
	for _, match := range regexp.MustCompile("(?ms)^```"+lang+"\n(.*?)^```$").FindAllStringSubmatch(page, -1) {
		blocks = append(blocks, match[1])
	}
	return blocks
}

// TestTables writes each generated table anew and compares.
func TestTables(t *testing.T) {
	for _, table := range []struct {
		page, name, want string
	}{
		{"writing-a-script.md", "codes", codesTable(t)},
		{"embedding.md", "metrics", metricsTable(t, engineMetrics(t))},
		{"operations.md", "metrics", metricsTable(t, serverMetrics(t))},
		{"gateways.md", "metrics", metricsTable(t, simulatorMetrics(t))},
	} {
		t.Run(table.page, func(t *testing.T) {
			page := read(t, table.page)
			begin, end := "<!-- generated: "+table.name+" -->\n", "<!-- end -->\n"
			before, rest, found := strings.Cut(page, begin)
			got, after, closed := strings.Cut(rest, end)
			if !found || !closed {
				t.Fatalf("there is no place for the table: put %s and %s around it", begin, end)
			}
			if got == table.want {
				return
			}
			if !*update {
				t.Fatalf("(-page +code); to rewrite the table, run with -update:\n%s", cmp.Diff(got, table.want))
			}
			if err := os.WriteFile(table.page, []byte(before+begin+table.want+end+after), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// codesTable lists the diagnostics of flow, then those of matching.
func codesTable(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("| code | severity | given when |\n|---|---|---|\n")
	for _, code := range append(flow.Codes(), matchingCodes(t)...) {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", code.ID, code.Severity, strings.ReplaceAll(code.When, "|", `\|`))
	}
	return b.String()
}

// matchingCodes reads the codes of matching from where engine declares them:
// a constant, and beside it "Severity: when".
func matchingCodes(t *testing.T) []flow.Code {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../engine/conflict.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var codes []flow.Code
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Code") {
			return true
		}
		id := strings.Trim(spec.Values[0].(*ast.BasicLit).Value, `"`)
		severity, when, _ := strings.Cut(strings.TrimSpace(spec.Comment.Text()), ": ")
		code := flow.Code{ID: id, When: strings.ToUpper(when[:1]) + when[1:]}
		if severity == "Error" {
			code.Severity = flow.Error
		}
		codes = append(codes, code)
		return true
	})
	if len(codes) == 0 || codes[0].ID != engine.CodeSharedPhrase {
		t.Fatalf("engine/conflict.go declares %v, want %s first", codes, engine.CodeSharedPhrase)
	}
	return codes
}

// TestNamed holds pages to naming everything there is of a kind, in backquotes.
func TestNamed(t *testing.T) {
	parameters := regexp.MustCompile("(?s)type dialogueRequest struct.*?\ntype digits struct.*?\n}")
	actions := parameters.FindString(read(t, "../api/conversation.go"))
	var wire []string
	for _, tag := range regexp.MustCompile("`rpc:\"([^,\"]+)").FindAllStringSubmatch(actions, -1) {
		wire = append(wire, tag[1])
	}
	if len(wire) < 20 {
		t.Fatalf("found only %v in api", wire)
	}
	for page, names := range map[string][]string{
		"dialogue-endpoint.md": wire,
		"embedding.md": slices.Concat(fields[session.Feedback]("", ""), fields[session.Input]("", ""),
			fields[engine.Options]("", ""), fields[session.Collect]("Collect.", "")),
		"writing-a-script.md": fields[flow.Env]("", "expr"),
	} {
		text := read(t, page)
		for _, name := range names {
			if !strings.Contains(text, "`"+name+"`") {
				t.Errorf("%s does not name `%s`", page, name)
			}
		}
	}
}

// fields returns the names of a struct's exported fields, or of a tag on them.
func fields[T any](prefix, tag string) []string {
	var names []string
	for _, field := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		name := field.Name
		if tag != "" {
			name = field.Tag.Get(tag)
		}
		names = append(names, prefix+name)
	}
	return names
}

// TestNamedBenchmarks looks for the tests and benchmarks that pages name.
func TestNamedBenchmarks(t *testing.T) {
	files, err := filepath.Glob("../benchmarks/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, file := range files {
		source.WriteString(read(t, file))
	}
	for _, page := range pages(t) {
		for _, match := range regexp.MustCompile("`((?:Benchmark|Test)\\w+)`").FindAllStringSubmatch(read(t, page), -1) {
			if !strings.Contains(source.String(), "\nfunc "+match[1]+"(") {
				t.Errorf("%s names %s, which is not in benchmarks", page, match[1])
			}
		}
	}
}

// pages returns the paths of all pages.
func pages(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	return append(paths, "../README.md", "../CONTRIBUTING.md", "../CHANGELOG.md")
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	codes   = regexp.MustCompile("(?ms)^```.*?^```$|`[^`\n]*`")
)

// TestLinks follows every link of every page that leads into the repository.
func TestLinks(t *testing.T) {
	for _, page := range pages(t) {
		for _, match := range link.FindAllStringSubmatch(codes.ReplaceAllString(read(t, page), ""), -1) {
			target, anchor, _ := strings.Cut(match[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			path := page
			if target != "" {
				path = filepath.Join(filepath.Dir(page), filepath.FromSlash(target))
			}
			if _, err := os.Stat(path); err != nil {
				t.Errorf("%s links to nothing: %v", page, err)
			} else if anchor != "" && !slices.Contains(anchors(read(t, path)), anchor) {
				t.Errorf("%s links to %s, which has no heading #%s", page, path, anchor)
			}
		}
	}
}

// anchors returns what the headings of a page are linked by.
func anchors(page string) []string {
	var list []string
	for _, match := range heading.FindAllStringSubmatch(page, -1) {
		kept := bytes.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case strings.ContainsRune("`.,:;?!()/'\"@", r):
				return -1
			}
			return r
		}, bytes.ToLower([]byte(match[1])))
		list = append(list, string(kept))
	}
	return list
}
