// Includes the exception type, which is part of the public interface, for the library's rooms.
#pragma once

#include "fer/error.h"
