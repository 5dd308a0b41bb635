package main

import (
	"time"

	"egret/rules/engine"
	"egret/rules/figure"
)

// figures prints what the rules derive from readings. An error of the output shows when the printer is flushed.
type figures struct {
	out  *printer
	zone *time.Location
}

var _ engine.Sink = (*figures)(nil)

// Average implements [engine.Sink].
func (f *figures) Average(a *figure.Average) {
	f.out.line = append(a.AppendJSON(f.out.line[:0], f.zone), '\n')
	_, _ = f.out.to.Write(f.out.line)
}

// Index implements [engine.Sink].
func (f *figures) Index(i *figure.Index) { f.write(i.MarshalIn(f.zone)) }

// Class implements [engine.Sink].
func (f *figures) Class(c *figure.Class) { f.write(c.MarshalIn(f.zone)) }

// Noise implements [engine.Sink].
func (f *figures) Noise(n *figure.Noise) { f.write(n.MarshalIn(f.zone)) }

// Plan implements [engine.Sink].
func (f *figures) Plan(p *figure.Plan) { f.write(p.MarshalIn(f.zone)) }

func (f *figures) write(object []byte, err error) {
	if err != nil {
		panic("a figure is no JSON: " + err.Error()) // it is made of words and numbers
	}
	f.out.line = append(append(f.out.line[:0], object...), '\n')
	_, _ = f.out.to.Write(f.out.line)
}
