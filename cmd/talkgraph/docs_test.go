package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
)

// The pages are tested as programs are. In their fenced blocks
//
//	sh        is a list of commands, and none of them may fail;
//	console   is a transcript: "$ command", then what the command prints, where
//	          a line that begins with > is what the user typed;
//	go        is compiled, or for the README compared with engine's Example;
//	json      below a line `path`: is that file.
//
// The blocks of a page are run from top to bottom in one folder, in which
// testdata is the repository's. With -update transcripts are rewritten.

const repository = "../.."

// segment is a part of a page: the content of a fenced block, or what stands
// between two of them, fences included.
type segment struct {
	lang string // Empty for prose.
	text string
}

type page struct {
	path     string // From the repository's root.
	segments []segment
}

// readPages reads every page that shows commands or code.
func readPages(t *testing.T) []*page {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(repository, "docs", "*.md"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no pages in docs: %v", err)
	}
	var pages []*page
	for _, path := range append(paths, filepath.Join(repository, "README.md")) {
		pages = append(pages, readPage(t, path))
	}
	return pages
}

func readPage(t *testing.T, path string) *page {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	name, err := filepath.Rel(repository, path)
	if err != nil {
		t.Fatal(err)
	}
	p := &page{path: filepath.ToSlash(name), segments: []segment{{}}}
	inside := false
	for line := range strings.Lines(string(data)) {
		fence, isFence := strings.CutPrefix(line, "```")
		if isFence && inside {
			p.segments = append(p.segments, segment{})
		}
		last := &p.segments[len(p.segments)-1]
		last.text += line
		if isFence && !inside {
			p.segments = append(p.segments, segment{lang: strings.TrimSpace(fence)})
		}
		inside = inside != isFence
	}
	if inside {
		t.Fatalf("%s: a fenced block is not closed", p.path)
	}
	return p
}

func (p *page) text() string {
	var b strings.Builder
	for _, s := range p.segments {
		b.WriteString(s.text)
	}
	return b.String()
}

// settle compares a page with what it should be, or with -update makes it so.
func (p *page) settle(t *testing.T, want string) {
	t.Helper()
	if got := p.text(); got == want {
		return
	} else if diff := cmp.Diff(got, want); !*update {
		t.Errorf("%s (-page +truth); if the page should follow, run with -update:\n%s", p.path, diff)
		return
	}
	if err := os.WriteFile(filepath.Join(repository, filepath.FromSlash(p.path)), []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestDocsCommands does what the pages tell their readers to do.
func TestDocsCommands(t *testing.T) {
	program := filepath.Join(t.TempDir(), "talkgraph")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	for _, p := range readPages(t) {
		t.Run(p.path, func(t *testing.T) {
			s := newShell(t, filepath.Dir(program))
			var truth strings.Builder
			for i, block := range p.segments {
				switch block.lang {
				case "sh":
					for _, command := range commands(block.text) {
						if out, ok := s.run(command, ""); !ok {
							t.Errorf("%s: this failed: %s\n%s", p.path, command, out)
						}
					}
				case "console":
					block.text = s.replay(block.text)
				case "json":
					s.save(p.segments[i-1].text, block.text)
				case "", "go", "text":
				default:
					t.Errorf("%s: nothing checks a block of %s", p.path, block.lang)
				}
				truth.WriteString(block.text)
			}
			p.settle(t, truth.String())
		})
	}
}

// TestDocsFlags holds the pages to naming every flag there is.
func TestDocsFlags(t *testing.T) {
	var pages strings.Builder
	for _, p := range readPages(t) {
		pages.WriteString(p.text())
	}
	for _, command := range allCommands(newRootCommand()) {
		command.LocalFlags().VisitAll(func(flag *pflag.Flag) {
			if named := "--" + flag.Name; flag.Name != "help" && !strings.Contains(pages.String(), named) {
				t.Errorf("no page names %s of %s", named, command.CommandPath())
			}
		})
	}
}

// commands splits a block into its commands, comments left out.
func commands(text string) []string {
	var list []string
	for line := range strings.Lines(strings.ReplaceAll(text, "\\\n", " ")) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			list = append(list, line)
		}
	}
	return list
}

// shell runs the commands of one page. Each has a process of its own, with what
// was exported before; a server is left running until the page ends.
type shell struct {
	t       *testing.T
	dir     string
	path    string // Where programs are looked for.
	exports string
	address string // Where the page's server listens, instead of at serveAddress.
}

// serveAddress is where the pages let a server listen. A free port takes its
// place, so that tests do not meet what runs there.
const serveAddress = "127.0.0.1:8080"

func newShell(t *testing.T, programs string) *shell {
	t.Helper()
	s := &shell{t: t, dir: t.TempDir(), path: programs + string(os.PathListSeparator) + os.Getenv("PATH")}
	testdata, err := filepath.Abs(filepath.Join(repository, "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(testdata, filepath.Join(s.dir, "testdata")); err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	return s
}

// run runs one command. It returns what the user would see, and whether the
// command did its work.
func (s *shell) run(command, stdin string) (out string, ok bool) {
	s.t.Helper()
	command = strings.ReplaceAll(command, serveAddress, s.address)
	command = strings.ReplaceAll(command, "go run ./cmd/talkgraph", "talkgraph")
	switch words := strings.Fields(command); {
	case words[0] == "export":
		s.exports += command + "\n"
	case words[0] == "go", words[0] == "make", words[0] == "git", words[0] == "benchstat":
		if err := checkCommand(words); err != nil {
			return err.Error(), false
		}
		return "", true
	case words[0] == "talkgraph" && words[1] == "serve":
		return s.serve(command)
	case words[0] == "curl":
		return s.curl(command)
	}
	shell := s.shell(command)
	shell.Stdin = strings.NewReader(stdin)
	printed, err := shell.CombinedOutput()
	out = strings.ReplaceAll(string(printed), s.address, serveAddress)
	if err != nil {
		out += err.Error() + "\n"
	}
	return out, err == nil
}

// shell prepares a command to run in the page's folder.
func (s *shell) shell(command string) *exec.Cmd {
	shell := exec.Command("sh", "-ec", s.exports+command)
	shell.Dir = s.dir
	shell.Env = append(os.Environ(), "PATH="+s.path, "NO_COLOR=1")
	return shell
}

// serve starts a server and returns what it printed until it was ready.
func (s *shell) serve(command string) (out string, ok bool) {
	s.t.Helper()
	server := s.shell("exec " + command)
	printed, err := server.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	server.Stderr = server.Stdout
	if err := server.Start(); err != nil {
		s.t.Fatal(err)
	}
	lines := bufio.NewScanner(printed)
	for !ok && lines.Scan() {
		out += lines.Text() + "\n"
		ok = strings.Contains(lines.Text(), s.address)
	}
	go func() { _, _ = io.Copy(io.Discard, printed) }() // So that it never waits for us to read.
	s.t.Cleanup(func() {
		if err := server.Process.Signal(syscall.SIGTERM); err != nil {
			s.t.Error(err)
		}
		if err := server.Wait(); err != nil {
			s.t.Errorf("%s: %v\n%s", command, err, out)
		}
	})
	return out, ok
}

// curl does what curl would, as the machine may have none: the shell says what
// its arguments are, and the request is made here.
func (s *shell) curl(command string) (out string, ok bool) {
	s.t.Helper()
	said, err := s.shell("curl() { printf '%s\\n' \"$@\"; }\n" + command).Output()
	if err != nil {
		return err.Error(), false
	}
	method, url, body := http.MethodGet, "", ""
	here := strings.ReplaceAll(string(said), serveAddress, s.address) // It is what sign takes unasked.
	arguments := strings.Split(strings.TrimSuffix(here, "\n"), "\n")
	for i := 0; i < len(arguments); i++ {
		switch argument := arguments[i]; {
		case argument == "-s":
		case argument == "-d" && i+1 < len(arguments):
			i++
			method, body = http.MethodPost, arguments[i]
		case !strings.HasPrefix(argument, "-"):
			url = argument
		default:
			return "this test does not know what curl does with " + argument, false
		}
	}
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return err.Error(), false
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err.Error(), false
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		return err.Error(), false
	}
	out = strings.ReplaceAll(string(data), s.address, serveAddress)
	return out, response.StatusCode < http.StatusInternalServerError
}

// replay runs the commands of a transcript and returns the transcript as it
// came out now.
func (s *shell) replay(text string) string {
	s.t.Helper()
	var now strings.Builder
	for _, turn := range regexp.MustCompile(`(?m)^\$ `).Split(text, -1)[1:] {
		command, shown, _ := strings.Cut(turn, "\n")
		for strings.HasSuffix(command, "\\") {
			next, rest, _ := strings.Cut(shown, "\n")
			command, shown = command+"\n"+next, rest
		}
		stdin := ""
		for line := range strings.Lines(shown) {
			if typed, ok := strings.CutPrefix(line, ">"); ok {
				stdin += strings.TrimPrefix(typed, " ")
			}
		}
		out, ok := s.run(strings.ReplaceAll(command, "\\\n", " "), stdin)
		if !ok && !strings.Contains(shown, "exit status") {
			s.t.Errorf("this failed, and the page does not say so: %s\n%s", command, out)
		}
		if out != "" && !strings.HasSuffix(out, "\n") {
			out += "\n"
		}
		if random.ReplaceAllString(out, "") == random.ReplaceAllString(shown, "") {
			out = shown
		}
		fmt.Fprintf(&now, "$ %s\n%s", command, out)
	}
	return now.String()
}

// random is what differs from run to run: the id of a request or of a thing,
// and the time in milliseconds.
var random = regexp.MustCompile(`[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}|\b[A-Z2-7]{26}\b|\b1[0-9]{12}\b`)

// save writes a block to the file that the line above it names, if it does.
func (s *shell) save(above, text string) {
	s.t.Helper()
	named := regexp.MustCompile("(?m)^`([^`]+)`:\n\n```json\n$").FindStringSubmatch(above)
	if named == nil {
		return
	}
	path := filepath.Join(s.dir, filepath.FromSlash(named[1]))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

// checkCommand checks a command that is not run, for it would take long or
// change things: what it names must be there.
func checkCommand(words []string) error {
	switch {
	case words[0] == "make":
		makefile, err := os.ReadFile(filepath.Join(repository, "Makefile"))
		if err != nil {
			return err
		}
		if !strings.Contains(string(makefile), "\n"+words[1]+":") {
			return fmt.Errorf("the Makefile has no target %s", words[1])
		}
	case words[0] == "go" && words[1] == "test":
		return checkGoTest(words[2:])
	case words[0] == "go":
		return fmt.Errorf("nothing checks go %s", words[1])
	}
	return nil
}

// checkGoTest looks for the packages, tests and benchmarks that are named.
func checkGoTest(words []string) error {
	var names []*regexp.Regexp
	var folders []string
	for i, word := range words {
		folder, isFolder := strings.CutPrefix(word, "./")
		if isFolder {
			folders = append(folders, filepath.Join(repository, strings.TrimSuffix(folder, "...")))
		}
		if word == "-bench" || word == "-fuzz" {
			for name := range strings.SplitSeq(strings.Trim(words[i+1], "'^$"), "|") {
				names = append(names, regexp.MustCompile(`(?m)^func (Benchmark|Fuzz)\w*`+regexp.QuoteMeta(name)))
			}
		}
	}
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
		if err != nil {
			return err
		}
		if _, err := os.Stat(folder); err != nil {
			return err
		}
		for _, name := range names {
			if !slices.ContainsFunc(files, func(file string) bool { return holds(file, name) }) {
				return fmt.Errorf("%s has nothing that matches %s", folder, name)
			}
		}
	}
	return nil
}

func holds(file string, pattern *regexp.Regexp) bool {
	data, err := os.ReadFile(file)
	return err == nil && pattern.Match(data)
}
