# Settings that all targets share: language level, compiler cache, warnings and sanitizers.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

# Uses ccache if it is installed. Without these sloppiness settings, ccache would not cache compilations that
# use a precompiled header.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime
      ${CCACHE_PROGRAM})
endif()

# Warnings for the project's own files only; not exported to users of the library.
add_library(fer_warnings INTERFACE)
target_compile_options(fer_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 warns falsely about inlined std::string code (GCC bugs 105651 and 105329).
  target_compile_options(fer_warnings INTERFACE
    -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds)
endif()
if(FER_WARNINGS_AS_ERRORS)
  target_compile_options(fer_warnings INTERFACE -Werror)
endif()

if(FER_SANITIZE)
  add_compile_options(-fsanitize=${FER_SANITIZE} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${FER_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # In instrumented code, GCC warns falsely that std::function is uninitialised.
    target_compile_options(fer_warnings INTERFACE -Wno-maybe-uninitialized)
    if(FER_SANITIZE MATCHES "thread")
      # ThreadSanitizer does not understand Asio's fences
      target_compile_options(fer_warnings INTERFACE -Wno-tsan)
    endif()
  endif()
endif()
