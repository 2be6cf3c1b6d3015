// What users of the programs can do about an error. The library's texts say only what is wrong:
// they are also read by users of other programs, which have no such flags.
#pragma once

#include <string>

#include "fer/core/error.h"
#include "fer/core/option_spelling.h"

namespace fer::commands {

// The end of the error's message, "; name the file with --detector-model, or …"; empty where there
// is nothing to advise.
std::string advice(const Error& error, const OptionSpelling& spelling);

}  // namespace fer::commands
