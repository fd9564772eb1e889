package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/uptrace/bun"
)

// Member returns a member of script.json that has no column of its own, such as
// voice or variables; nil when there is none.
func (s *Script) Member(name string) json.RawMessage {
	var extra struct {
		Script map[string]json.RawMessage `json:"script"`
	}
	if json.Unmarshal([]byte(s.Extra), &extra) != nil {
		return nil // The zero value.
	}
	return extra.Script[name]
}

// EditMember changes a member of script.json that has no column of its own, nil
// when there is none yet, to what change makes of it, written as JSON.
func (s *Store) EditMember(ctx context.Context, instance, script, name string,
	change func(was json.RawMessage) any,
) error {
	return s.edit(ctx, instance, script, func(ctx context.Context, tx bun.Tx) error {
		row, err := inScript(ctx, tx, instance, script)
		if err != nil {
			return err
		}
		extra, err := withMember(row.Extra, name, change(row.Member(name)))
		if err != nil {
			return fmt.Errorf("store: what script %s keeps beside its columns: %w", script, err)
		}
		_, err = tx.NewUpdate().Table("scripts").Set("extra = ?", extra).Where("id = ?", script).Exec(ctx)
		return err
	})
}

// withMember sets a member of script.json in Script.Extra.
func withMember(extra, name string, value any) (string, error) {
	all, members := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	if extra != "" {
		if err := json.Unmarshal([]byte(extra), &all); err != nil {
			return "", err
		}
	}
	if of, ok := all["script"]; ok {
		if err := json.Unmarshal(of, &members); err != nil {
			return "", err
		}
	}
	var err error
	if members[name], err = marshal(value); err != nil {
		return "", err
	}
	if all["script"], err = marshal(members); err != nil {
		return "", err
	}
	text, err := marshal(all)
	return string(text), err
}

// marshal leaves < and > as they are, as the bundle's author wrote them.
func marshal(v any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), err
}
