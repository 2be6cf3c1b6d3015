// The environment variables of this process.
#pragma once

#include <map>
#include <string>

namespace fer {

// All of them, or those that somebody is asked about.
using Variables = std::map<std::string, std::string>;

Variables environment();

}  // namespace fer
