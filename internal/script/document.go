package script

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/internal/store"
)

// pack makes the bundle of a draft: script.json, and a file for each flow with
// its definition byte for byte.
func pack(d *store.Draft) ([]byte, error) {
	more, err := extraOf(&d.Script)
	if err != nil {
		return nil, err
	}
	paths := flowPaths(d.Flows)
	script, err := marshal(document(d, more, paths))
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := json.Indent(&text, script, "", "  "); err != nil {
		return nil, err
	}
	text.WriteByte('\n')
	files := []archiveFile{{flow.ScriptFile, text.String()}}
	for i := range d.Flows {
		files = append(files, archiveFile{paths[i], d.Flows[i].Definition})
	}
	return packFiles(files)
}

// plainID is an id that is a file's name on every system.
var plainID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// flowPaths names a file for each flow: by its id where that is a file's name
// and no other flow has it in other letters, else by its place.
func flowPaths(flows []store.Flow) []string {
	taken := make(map[string]bool, len(flows))
	paths := make([]string, len(flows))
	for i := range flows {
		name := strings.ToLower(flows[i].ID)
		if plainID.MatchString(name) && !taken[name] {
			taken[name], paths[i] = true, "flows/"+flows[i].ID+".json"
		}
	}
	for i, n := 0, 0; i < len(flows); i++ {
		for paths[i] == "" {
			n++
			if name := fmt.Sprintf("flow-%d", n); !taken[name] {
				taken[name], paths[i] = true, "flows/"+name+".json"
			}
		}
	}
	return paths
}

// document is script.json.
func document(d *store.Draft, more *extra, paths []string) object {
	s := &d.Script
	return append(object{
		{"id", s.ID},
		{"name", s.Name},
		{"industry", s.Industry},
		{"scene", s.Scene},
		{"description", s.Description},
		{"flows", each(d.Flows, func(i int, f *store.Flow) object {
			return append(object{{"id", f.ID}, {"name", f.Name}, {"type", f.Type}, {"file", paths[i]}}, rest(more.Flows[f.ID])...)
		})},
		{"intents", each(d.Intents, func(_ int, in *store.Intent) object {
			return append(object{
				{"id", in.ID}, {"name", in.Name}, {"description", in.Description},
				{"utterances", in.Utterances}, {"keywords", in.Keywords},
			}, rest(more.Intents[in.ID])...)
		})},
		{"globalQuestions", each(d.Questions, func(_ int, q *store.Question) object {
			o := object{{"id", q.ID}, {"name", q.Name}, {"type", q.Type}}
			if q.Role != "" {
				o = append(o, member{"role", q.Role})
			}
			return append(append(o, member{"questions", q.Questions}, member{"answers", q.Answers}), rest(more.Questions[q.ID])...)
		})},
		{"tags", each(inGroups(d), func(_ int, t *store.Tag) object {
			return append(object{{"id", t.ID}, {"group", t.GroupName}, {"name", t.Name}}, rest(more.Tags[t.ID])...)
		})},
	}, rest(more.Script)...)
}

// inGroups returns the tags, group by group.
func inGroups(d *store.Draft) []store.Tag {
	position := make(map[string]int64, len(d.Groups))
	for i := range d.Groups {
		position[d.Groups[i].Name] = d.Groups[i].Position
	}
	tags := slices.Clone(d.Tags)
	slices.SortStableFunc(tags, func(a, b store.Tag) int { return int(position[a.GroupName] - position[b.GroupName]) })
	return tags
}

// extra is what a bundle says that no column is for: members of script.json
// and, by id, of what is listed in it. Values are kept as they were written.
type extra struct {
	Script    members            `json:"script,omitempty"`
	Flows     map[string]members `json:"flows,omitempty"`
	Intents   map[string]members `json:"intents,omitempty"`
	Questions map[string]members `json:"questions,omitempty"`
	Tags      map[string]members `json:"tags,omitempty"`
}

// extraOf returns what a script keeps beside its columns.
func extraOf(s *store.Script) (*extra, error) {
	more := new(extra)
	if s.Extra == "" {
		return more, nil
	}
	if err := json.Unmarshal([]byte(s.Extra), more); err != nil {
		return nil, fmt.Errorf("what script %q keeps beside its columns: %w", s.ID, err)
	}
	return more, nil
}

// members are the members of an object, values as they were written.
type members map[string]json.RawMessage

// object is a JSON object whose members have an order.
type object []member

type member struct {
	key   string
	value any
}

// rest returns members in the order of their keys.
func rest(m members) object {
	var o object
	for _, key := range slices.Sorted(maps.Keys(m)) {
		o = append(o, member{key, m[key]})
	}
	return o
}

// each makes a list of objects.
func each[Row any](rows []Row, of func(i int, row *Row) object) []object {
	list := make([]object, len(rows))
	for i := range rows {
		list[i] = of(i, &rows[i])
	}
	return list
}

// MarshalJSON writes the members in their order.
func (o object) MarshalJSON() ([]byte, error) {
	text := []byte{'{'}
	for i, m := range o {
		if i > 0 {
			text = append(text, ',')
		}
		key, err := marshal(m.key)
		if err != nil {
			return nil, err
		}
		value, err := marshal(m.value)
		if err != nil {
			return nil, err
		}
		text = append(append(append(text, key...), ':'), value...)
	}
	return append(text, '}'), nil
}

// marshal is json.Marshal for people: < and & stay what they are.
func marshal(v any) ([]byte, error) {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), err
}
