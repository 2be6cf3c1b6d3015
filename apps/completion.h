// Makes completion scripts of a program's command line for shells.
#pragma once

#include <string>

#include "command.h"

namespace fer {

// For "bash" or "zsh". @throws fer::Error for any other shell.
std::string completion_script(const Program& program, const std::string& shell);

}  // namespace fer
