// What a stream's reader shows of colours and progress bars.
#pragma once

#include "fer/core/environment.h"

namespace fer {

// Which escape sequences a stream may get.
struct StreamLook {
  bool moves = false;   // a progress bar may redraw its line
  bool colour = false;  // text may have colours
};

// `is_terminal`: isatty() of the stream. The terminals that Open MPI's mpirun creates for its
// processes do not count: their output often ends in a file or another program. A terminal whose
// TERM is "dumb" knows no escape sequences, and NO_COLOR (no-color.org) switches colours off.
StreamLook stream_look(bool is_terminal, const Variables& variables);

}  // namespace fer
