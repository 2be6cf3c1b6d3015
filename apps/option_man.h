// A program's manual page.
#pragma once

#include <string>

#include "command.h"

namespace fer {

// The page of section 1 for man(1), in the macros of man(7): descriptions and examples of the
// program and its commands, and every option in its group with its default, range and choices.
std::string man_page(const Program& program);

}  // namespace fer
