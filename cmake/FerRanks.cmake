# Sets FER_RANKS: whether several processes can train together. LibTorch's libraries contain Gloo, but its wheel
# lacks Gloo's headers; those of Debian's libgloo-dev are used. They are older than the Gloo in LibTorch, so a
# test program checks that they fit. Debian's library is not linked.

set(FER_RANKS FALSE)
set(_why "it is switched off")
if(FER_WITH_RANKS)
  find_path(GLOO_INCLUDE_DIR gloo/algorithm.h)
  mark_as_advanced(GLOO_INCLUDE_DIR)
  set(_why "it needs the headers of Gloo (Debian: libgloo-dev)")
  if(GLOO_INCLUDE_DIR)
    set(_why "LibTorch has no Gloo, or the headers in ${GLOO_INCLUDE_DIR} do not fit it")
    # Checked once for each LibTorch, because it takes as long as a compilation.
    string(MAKE_C_IDENTIFIER "FER_GLOO_FITS_${LibTorch_VERSION}_${LIBTORCH_ROOT}" _fits)
    include(CheckCXXSourceCompiles)
    set(CMAKE_REQUIRED_LIBRARIES LibTorch::LibTorch)
    set(CMAKE_REQUIRED_INCLUDES "${GLOO_INCLUDE_DIR}")
    set(CMAKE_REQUIRED_DEFINITIONS -DUSE_DISTRIBUTED -DUSE_C10D_GLOO)
    check_cxx_source_compiles("
      #include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
      #include <torch/csrc/distributed/c10d/TCPStore.hpp>
      int main() {
        auto store = c10::make_intrusive<c10d::TCPStore>(\"localhost\");
        auto options = c10d::ProcessGroupGloo::Options::create();
        options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForHostname(\"localhost\"));
        c10::make_intrusive<c10d::ProcessGroupGloo>(store, 0, 1, options);
      }" ${_fits})
    unset(CMAKE_REQUIRED_LIBRARIES)
    unset(CMAKE_REQUIRED_INCLUDES)
    unset(CMAKE_REQUIRED_DEFINITIONS)
    set(FER_RANKS ${${_fits}})
    # The compiler's default folder must not be added again: it would then precede the standard library's.
    set(FER_GLOO_INCLUDES "${GLOO_INCLUDE_DIR}")
    list(REMOVE_ITEM FER_GLOO_INCLUDES /usr/include ${CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES})
  endif()
endif()
if(NOT FER_RANKS)
  if(FER_WITH_RANKS STREQUAL "ON")
    message(FATAL_ERROR "FER_WITH_RANKS is ON, but training across processes cannot be built: ${_why}")
  endif()
  message(STATUS "Training across processes is left out: ${_why}")
endif()
