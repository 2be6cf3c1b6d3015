// Includes the version, which is part of the public interface, for the library's rooms.
#pragma once

#include "fer/version.h"
