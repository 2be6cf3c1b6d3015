// The exception type is part of the public interface; the library's rooms include it as one of
// core.
#pragma once

#include "fer/error.h"
