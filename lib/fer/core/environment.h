// The environment variables of this process.
#pragma once

#include <map>
#include <string>

namespace fer {

// Environment variables by name: all of them, or those of interest.
using Variables = std::map<std::string, std::string>;

Variables environment();

}  // namespace fer
