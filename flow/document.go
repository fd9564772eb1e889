package flow

import (
	"bytes"
	"io"
	"io/fs"
	"time"
)

// Document returns a read-only file system that holds one script.json, so that
// a script in one JSON document is loaded like one in a folder. It keeps data,
// which must not change.
func Document(data []byte) fs.FS { return document(data) }

// document is a file system of one file.
type document []byte

// Open opens script.json; there is nothing else.
func (d document) Open(name string) (fs.File, error) {
	if name != ScriptFile {
		err := fs.ErrNotExist
		if !fs.ValidPath(name) {
			err = fs.ErrInvalid
		}
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return &openDocument{Reader: bytes.NewReader(d), size: int64(len(d))}, nil
}

// openDocument is script.json, open, and its own description.
type openDocument struct {
	*bytes.Reader
	size int64
}

var (
	_ fs.File   = (*openDocument)(nil)
	_ io.Seeker = (*openDocument)(nil)
)

func (f *openDocument) Stat() (fs.FileInfo, error) { return documentInfo{f.size}, nil }
func (f *openDocument) Close() error               { return nil }

// documentInfo describes script.json.
type documentInfo struct{ size int64 }

func (i documentInfo) Name() string       { return ScriptFile }
func (i documentInfo) Size() int64        { return i.size }
func (i documentInfo) Mode() fs.FileMode  { return 0o444 }
func (i documentInfo) ModTime() time.Time { return time.Time{} }
func (i documentInfo) IsDir() bool        { return false }
func (i documentInfo) Sys() any           { return nil }
