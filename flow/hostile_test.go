package flow

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// TestHostileBundles compiles what would exhaust a careless compiler. Nothing
// here may take seconds; the test's own limit is that of go test.
func TestHostileBundles(t *testing.T) {
	const flow, whole, large = 2 << 20, 8 << 20, 3 << 20
	inFlow := func(open, unit, end string) fs.FS {
		return files("script.json", `{"name":"x","flows":[{"id":"m","type":"MainFlow","file":"m.json"}]}`,
			"m.json", open+strings.Repeat(unit, (flow-len(open)-len(end))/len(unit))+end)
	}
	document := func(size int, open, unit, end string) fs.FS {
		return Document([]byte(open + strings.Repeat(unit, size/len(unit)) + end))
	}
	for name, c := range map[string]struct {
		fsys fs.FS
		want string // A code that is given.
	}{
		"8 MiB of [":        {document(whole, "", "[", ""), "TG003"},
		"8 MiB of {":        {document(whole, "", "{", ""), "TG003"},
		"8 MiB of nesting":  {document(whole, "", `{"a":[`, ""), "TG003"},
		"8 MiB of quotes":   {document(whole, "", `"`, ""), "TG001"},
		"8 MiB of \\":       {document(whole, `"`, `\`, `"`), "TG007"},
		"3 MiB of spaces":   {document(large, "", " ", ""), "TG001"},
		"3 MiB of lines":    {document(large, "", "\n", ""), "TG001"},
		"8 MiB of bytes":    {document(whole, "", "\xff", ""), "TG002"},
		"3 MiB of keys":     {document(large, `{"`, `a":1,"`, `a":1}`), "TG009"},
		"3 MiB of flows":    {document(large, `{"flows":[`, `{},`, `{}]}`), "TG004"},
		"3 MiB of tags":     {document(large, `{"tags":[`, `{"name":"a"},`, `{}]}`), "TG011"},
		"3 MiB of vars":     {document(large, `{"variables":[`, `{"name":"a"},`, `{}]}`), "TG011"},
		"3 MiB of answers":  {document(large, `{"globalQuestions":[{"answers":["`, `a","`, `"]}]}`), "TG004"},
		"3 MiB of nothing":  {document(large, `{"globalQuestions":[{"answers":["`, `","`, `"]}]}`), "TG069"},
		"2 MiB of [":        {inFlow("", "[", ""), "TG003"},
		"2 MiB of nodes":    {inFlow(`{"nodes":[`, `{},`, `{}]}`), "TG004"},
		"2 MiB of same ids": {inFlow(`{"nodes":[`, `{"id":"a"},`, `{}]}`), "TG004"},
		"2 MiB of moves":    {inFlow(`{"transitions":[`, `{},`, `{}]}`), "TG004"},
		"2 MiB of labels":   {inFlow(`{"nodes":[{"labels":["`, `a","`, `"]}]}`), "TG021"},
		"2 MiB of branches": {inFlow(`{"nodes":[{"type":"Switch","content":{"branches":[`, `{},`, `{}]}}]}`), "TG004"},
		"2 MiB of @":        {inFlow(`{"nodes":[{"script":"`, `@`, `"}]}`), "TG021"},
		"2 MiB of @a":       {inFlow(`{"nodes":[{"script":"`, `@a`, `"}]}`), "TG064"},
		"2 MiB of a name":   {inFlow(`{"nodes":[{"script":"@`, `名`, `"}]}`), "TG064"},
		"2 MiB of an id":    {inFlow(`{"nodes":[{"id":"`, `i`, `"}]}`), "TG021"},
		"2 MiB of escapes":  {inFlow(`{"nodes":[{"id":"`, `\u4f60`, `"}]}`), "TG021"},
		"2 MiB of ( ":       {conditionOf("("), "TG004"},
		"2 MiB of !":        {conditionOf("!"), "TG004"},
		"2 MiB of -":        {conditionOf("-"), "TG004"},
		"one file often":    {oneFileOften(), "TG004"},
		"a chain of nodes":  {script(chainOf(4998)), "TG045"},
		"doubling flows":    {doublingFlows(200), "TG045"},
	} {
		t.Run(name, func(t *testing.T) {
			list, _ := diagnose(t, c.fsys)
			if len(list) > maxListed+1 {
				t.Errorf("%d diagnostics", len(list))
			}
			size := 0
			for _, d := range list {
				size += len(d.String()) + len(d.Pointer) + len(d.Flow) + len(d.NodeID) + len(d.NodeName)
			}
			if size > 1<<20 {
				t.Errorf("the diagnostics have %d bytes", size)
			}
			for _, d := range list {
				if d.Code == c.want {
					return
				}
			}
			t.Errorf("no %s, but %v", c.want, list)
		})
	}
}

// conditionOf is a script with a condition of 2 MiB less what stands around it.
func conditionOf(unit string) fs.FS {
	return branchWith(`"condition": "` + strings.Repeat(unit, 2<<20-1000) + `"`)
}

// oneFileOften names a flow of almost 2 MiB more often than a bundle may be
// large.
func oneFileOften() fs.FS {
	var flows []string
	for i := range 40 {
		flows = append(flows, fmt.Sprintf(`{"id":"f%d","type":"SubFlow","file":"f.json"}`, i))
	}
	return files("script.json", `{"name":"x","flows":[`+strings.Join(flows, ",")+`]}`, "f.json", `{"x":"`+strings.Repeat("x", 2<<20-100)+`"}`)
}

// doublingFlows are flows of which each enters the next twice, so that the
// turn passes through more nodes than can be counted.
func doublingFlows(count int) fs.FS {
	enter := func(id string, flow int) string {
		return fmt.Sprintf(`{"id":"%s","type":"Transfer","content":{"action":"GotoFlow","actionParams":"f%d"}}`, id, flow)
	}
	var flows []string
	for i := range count {
		nodes, transitions := enter("a", i+1)+","+enter("b", i+1), `{"source":"s","target":"a"},{"source":"a","target":"b"}`
		if i == count-1 {
			nodes, transitions = `{"id":"a","type":"Transfer"}`, `{"source":"s","target":"a"}`
		}
		flows = append(flows, fmt.Sprintf(`{"id":"f%d","type":"SubFlow","definition":{"nodes":[%s,%s],"transitions":[%s]}}`, i, startNode, nodes, transitions))
	}
	return script(startNode+","+enter("a", 0)+","+hangupNode, `{"source":"s","target":"a"},{"source":"a","target":"h"}`, "", strings.Join(flows, ","))
}

// endless is a file that has no end.
type endless struct{ fstest.MapFS }

func (e endless) Open(name string) (fs.File, error) {
	file, err := e.MapFS.Open(name)
	if err != nil || name != "m.json" {
		return file, err
	}
	return endlessFile{file}, nil
}

type endlessFile struct{ fs.File }

func (endlessFile) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// failing is a file system whose files cannot be read.
type failing struct{ fstest.MapFS }

var errDisk = errors.New("the disk is gone")

func (f failing) Open(name string) (fs.File, error) {
	file, err := f.MapFS.Open(name)
	return failingFile{file}, err
}

type failingFile struct{ fs.File }

func (failingFile) Read([]byte) (int, error) { return 0, errDisk }

// vanishing is a file system whose files are gone after they were looked at.
type vanishing struct{ fstest.MapFS }

func (v vanishing) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

func (v vanishing) Stat(name string) (fs.FileInfo, error) { return v.MapFS.Stat(name) }

func TestFileSystemsThatMisbehave(t *testing.T) {
	small := files("script.json", `{"name":"x","flows":[{"id":"m","type":"MainFlow","file":"m.json"}]}`, "m.json", "{}")
	pipe := files("script.json", `{"name":"x"}`)
	pipe["script.json"].Mode = fs.ModeNamedPipe
	for name, c := range map[string]struct {
		fsys       fs.FS
		code, want string
	}{
		"endless":   {endless{small}, "TG004", "m.json is larger than 2 MiB"},
		"failing":   {failing{small}, "TG005", "cannot read script.json: the disk is gone"},
		"vanishing": {vanishing{small}, "TG005", "cannot read script.json: file does not exist"},
		"pipe":      {pipe, "TG005", "cannot read script.json: not a regular file"},
	} {
		t.Run(name, func(t *testing.T) {
			list, _ := diagnose(t, c.fsys)
			for _, d := range list {
				if d.Code == c.code && strings.Contains(d.Message, c.want) {
					return
				}
			}
			t.Errorf("no %s with %q, but %v", c.code, c.want, list)
		})
	}
}
