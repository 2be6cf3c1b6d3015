// Advice about errors for users of the programs. The library's messages only name the mistake,
// because users of other programs, which have no such flags, read them, too.
#pragma once

#include <string>

#include "fer/core/error.h"
#include "fer/core/option_spelling.h"

namespace fer::commands {

// The end of the error's message, "; name the file with --detector-model, or …"; may be empty.
std::string advice(const Error& error, const OptionSpelling& spelling);

}  // namespace fer::commands
