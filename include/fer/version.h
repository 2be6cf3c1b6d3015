// The version of the interface that a C or C++ program is compiled with. Before 1.0 the second
// number rises when something breaks.
#ifndef FER_VERSION_H
#define FER_VERSION_H

#define FER_VERSION_MAJOR 0
#define FER_VERSION_MINOR 2
#define FER_VERSION_PATCH 0
#define FER_VERSION_STRING "0.2.0"

#ifdef __cplusplus
namespace fer {

// The version of the library that a program runs with: "0.2.0".
const char* version();

}  // namespace fer
#endif

#endif
