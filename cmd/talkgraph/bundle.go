package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/talkgraph/talkgraph/flow"
)

// maxDocument is the largest one-document bundle that is read, in bytes: one
// more than a bundle may have, so that the compiler is who refuses it.
const maxDocument = 64<<20 + 1

// openBundle opens the bundle at path: a folder, its script.json, or a document
// with everything inline. The options name the script after the folder or the
// document, for bundles that have no id of their own.
func openBundle(path string) (fs.FS, []flow.Option, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, fmt.Errorf("open bundle: %w", err)
	}
	if !info.IsDir() && filepath.Base(path) != flow.ScriptFile {
		return openDocument(path)
	}
	folder, err := filepath.Abs(bundleFolder(path, info))
	if err != nil {
		return nil, nil, fmt.Errorf("open bundle: %w", err)
	}
	// A root, unlike os.DirFS, follows no link out of the folder.
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, nil, fmt.Errorf("open bundle: %w", err)
	}
	return root.FS(), []flow.Option{flow.WithID(filepath.Base(folder))}, nil
}

func bundleFolder(path string, info fs.FileInfo) string {
	if info.IsDir() {
		return path
	}
	return filepath.Dir(path)
}

func openDocument(path string) (fs.FS, []flow.Option, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("open bundle: %w", err)
	}
	defer f.Close() //nolint:errcheck // It was only read.
	data, err := io.ReadAll(io.LimitReader(f, maxDocument))
	if err != nil {
		return nil, nil, fmt.Errorf("read bundle: %w", err)
	}
	id := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	return flow.Document(data), []flow.Option{flow.WithID(id)}, nil
}

// located returns the diagnostics with their files as paths an editor can open.
func located(path string, diagnostics flow.Errors) flow.Errors {
	info, err := os.Stat(path)
	document := err == nil && !info.IsDir() && filepath.Base(path) != flow.ScriptFile
	out := make(flow.Errors, 0, len(diagnostics))
	for _, d := range diagnostics {
		if document {
			d.File = path
		} else if err == nil {
			d.File = filepath.Join(bundleFolder(path, info), filepath.FromSlash(d.File))
		}
		out = append(out, d)
	}
	return out
}
