package noise

// The parameters of which levels are made, and those they become.
const (
	Leq  = "leq"
	Lmax = "lmax"
	Ld   = "ld"
	Ln   = "ln"
	Ldn  = "ldn"
)
