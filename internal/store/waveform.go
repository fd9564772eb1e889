package store

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
)

// maxWaveforms is how many recordings of one text a script may have; they are
// listed without pages.
const maxWaveforms = 100

// Waveform is a recording of a piece of text.
type Waveform struct {
	bun.BaseModel `bun:"table:waveforms"`

	ScriptID  string `bun:",pk"`
	ID        string `bun:",pk"`
	Content   string // The text that is heard.
	Digest    []byte // Its SHA-256.
	FileID    string
	FileName  string // As the client calls it.
	CreatedAt int64
}

// CreateWaveform makes a recording of an uploaded file, and returns its id. The
// file is the instance's from now on, and is kept as long as a waveform is made
// of it.
func (s *Store) CreateWaveform(ctx context.Context, instance, script string, w Waveform) (string, error) {
	err := s.edit(ctx, instance, script, func(ctx context.Context, tx bun.Tx) error {
		if err := s.claimFile(ctx, tx, instance, w.FileID); err != nil {
			return err
		}
		w.ScriptID, w.ID, w.CreatedAt, w.Digest = script, s.o.NewID(), s.now(), digestOf(w.Content)
		count, err := tx.NewSelect().Table("waveforms").Where("script_id = ? AND digest = ?", script, w.Digest).Count(ctx)
		if err != nil {
			return err
		}
		if count >= maxWaveforms {
			return &InvalidError{"ScriptContent", fmt.Sprintf("A text may have at most %d waveforms: delete one first.", maxWaveforms)}
		}
		_, err = tx.NewInsert().Model(&w).Exec(ctx)
		return err
	})
	return w.ID, err
}

// claimFile makes a recording that was uploaded one of an instance. A file of
// another instance is not there.
func (s *Store) claimFile(ctx context.Context, tx bun.Tx, instance, id string) error {
	result, err := tx.NewUpdate().Table("files").Set("instance_id = ?", instance).
		Where("id = ? AND state = ? AND instance_id IN ('', ?)", id, FileThere, instance).
		Where("expires_at > ? OR EXISTS (SELECT 1 FROM waveforms WHERE file_id = files.id)", s.now()).Exec(ctx)
	if err := changed("File", result, err); err != nil {
		return err
	}
	audible, err := tx.NewSelect().Table("files").Where("id = ? AND content_type LIKE 'audio/%'", id).Exists(ctx)
	if err == nil && !audible {
		return &InvalidError{"FileId", "It must be a recording, a .wav or .mp3 file."}
	}
	return err
}

// DeleteWaveform deletes a recording that no text is put together from.
func (s *Store) DeleteWaveform(ctx context.Context, instance, script, id string) error {
	return s.edit(ctx, instance, script, func(ctx context.Context, tx bun.Tx) error {
		w := new(Waveform)
		err := tx.NewSelect().Model(w).Where("script_id = ? AND id = ?", script, id).Scan(ctx)
		if err != nil {
			return found("ScriptWaveform", err)
		}
		var user []string
		err = tx.NewSelect().Table("voice_pieces").Column("config_id").Where("script_id = ? AND waveform_id = ?", script, id).
			OrderExpr("config_id").Limit(1).Scan(ctx, &user)
		if err != nil {
			return err
		}
		if len(user) > 0 {
			return &InvalidError{"ScriptWaveformId", "A text is put together from it: give ScriptVoiceConfig " + user[0] + " the Type TTS, or other waveforms, first."}
		}
		if _, err := tx.NewDelete().Model(w).WherePK().Exec(ctx); err != nil {
			return err
		}
		// The file goes once nothing is made of it, but not at this very moment.
		now := s.now()
		_, err = tx.NewUpdate().Table("files").Set("expires_at = ?", now).Where("id = ? AND expires_at < ?", w.FileID, now).Exec(ctx)
		return err
	})
}

// Waveforms returns the recordings of a text, newest first.
func (s *Store) Waveforms(ctx context.Context, instance, script, content string) ([]Waveform, error) {
	if _, err := inScript(ctx, s.read, instance, script); err != nil {
		return nil, err
	}
	waveforms := []Waveform{}
	err := s.read.NewSelect().Model(&waveforms).Where("script_id = ? AND digest = ?", script, digestOf(content)).
		OrderExpr("created_at DESC, id").Scan(ctx)
	return waveforms, err
}
