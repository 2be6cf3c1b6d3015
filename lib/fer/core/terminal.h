// What may be written to a stream that goes to a terminal.
#pragma once

#include "fer/core/environment.h"

namespace fer {

// How a stream's reader sees escape sequences.
struct StreamLook {
  bool moves = false;   // lines may be drawn over: a progress bar
  bool colour = false;  // there may be colours
};

// `is_terminal`: isatty() of the stream. The terminals that Open MPI's mpirun makes for its
// processes are nobody's: what they show ends in a file or another program as often as not. A
// terminal whose TERM is "dumb" knows no escape sequences, and NO_COLOR (no-color.org) switches
// colours off.
StreamLook stream_look(bool is_terminal, const Variables& variables);

}  // namespace fer
