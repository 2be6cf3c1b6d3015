# Finds LibTorch and defines LibTorch::LibTorch.
#
# Looked for in this order:
#   1. what the user gives: CMAKE_PREFIX_PATH or Torch_DIR (as for Torch's own package)
#   2. the `torch` of the python3 on the PATH
#   3. the project's own virtual environment, .deps/venv, made by scripts/bootstrap.sh
#
# Torch's own find_package(Torch) is not used: with a CUDA wheel (what `pip install torch` gives
# most users) it is fatal on a machine without a CUDA toolkit, though nothing here needs one. The
# libraries are imported as targets instead, which works alike for CPU and CUDA builds.

function(_libtorch_of_python python result)
  set(${result} "" PARENT_SCOPE)
  if(NOT python)
    return()
  endif()
  # find_spec finds torch without importing it, which would take seconds.
  execute_process(
    COMMAND ${python} -c
            "import importlib.util as u; print(u.find_spec('torch').submodule_search_locations[0])"
    OUTPUT_VARIABLE folder RESULT_VARIABLE failed ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT failed)
    set(${result} "${folder}" PARENT_SCOPE)
  endif()
endfunction()

set(_libtorch_roots "")
if(Torch_DIR)
  list(APPEND _libtorch_roots "${Torch_DIR}/../../..")  # …/share/cmake/Torch
endif()
foreach(_prefix IN LISTS CMAKE_PREFIX_PATH)
  # `python3 -c "import torch; print(torch.utils.cmake_prefix_path)"` prints …/torch/share/cmake.
  list(APPEND _libtorch_roots "${_prefix}" "${_prefix}/../..")
endforeach()
string(REPLACE ":" ";" _env_prefixes "$ENV{CMAKE_PREFIX_PATH}")
foreach(_prefix IN LISTS _env_prefixes)
  list(APPEND _libtorch_roots "${_prefix}" "${_prefix}/../..")
endforeach()
find_program(FER_PYTHON3 python3)
_libtorch_of_python("${FER_PYTHON3}" _torch)
list(APPEND _libtorch_roots ${_torch})
_libtorch_of_python("${CMAKE_CURRENT_SOURCE_DIR}/.deps/venv/bin/python3" _torch)
list(APPEND _libtorch_roots ${_torch})

# What the user specifies now takes precedence over an earlier result, so that an old build folder is updated.
string(JOIN "|" _libtorch_wish "${Torch_DIR}" "${CMAKE_PREFIX_PATH}" "$ENV{CMAKE_PREFIX_PATH}")
if(DEFINED CACHE{LIBTORCH_WISH} AND NOT "${LIBTORCH_WISH}" STREQUAL "${_libtorch_wish}")
  unset(LIBTORCH_ROOT CACHE)
endif()
set(LIBTORCH_WISH "${_libtorch_wish}" CACHE INTERNAL "Where the last run was told to look")

# A LibTorch is a folder with both the header and the library, so that two are never mixed. A normal variable of
# this name would hide the cache entry that is set below.
set(_libtorch_given "${LIBTORCH_ROOT}")
unset(LIBTORCH_ROOT)
set(LIBTORCH_ROOT "${_libtorch_given}" CACHE PATH "Folder with LibTorch's include and lib" FORCE)
if(NOT EXISTS "${LIBTORCH_ROOT}/include/torch/csrc/api/include/torch/torch.h")
  set(LIBTORCH_ROOT "" CACHE PATH "" FORCE)
  foreach(_root IN LISTS _libtorch_roots)
    file(REAL_PATH "${_root}" _root)
    if(EXISTS "${_root}/include/torch/csrc/api/include/torch/torch.h"
       AND EXISTS "${_root}/lib/libtorch_cpu.so")
      set(LIBTORCH_ROOT "${_root}" CACHE PATH "" FORCE)
      break()
    endif()
  endforeach()
endif()

if(LIBTORCH_ROOT)
  set(_version_header "${LIBTORCH_ROOT}/include/torch/headeronly/version.h")
  if(NOT EXISTS "${_version_header}")  # older releases had it here
    set(_version_header "${LIBTORCH_ROOT}/include/torch/csrc/api/include/torch/version.h")
  endif()
  file(STRINGS "${_version_header}" _version REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH) ")
  string(REGEX REPLACE "[^0-9]+([0-9]+)[^0-9]+([0-9]+)[^0-9]+([0-9]+).*" "\\1.\\2.\\3"
                       LibTorch_VERSION "${_version}")
  set(LibTorch_HAS_CUDA FALSE)
  if(EXISTS "${LIBTORCH_ROOT}/lib/libtorch_cuda.so")
    set(LibTorch_HAS_CUDA TRUE)
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  LibTorch
  REQUIRED_VARS LIBTORCH_ROOT
  VERSION_VAR LibTorch_VERSION
  REASON_FAILURE_MESSAGE
    "Run scripts/bootstrap.sh, which fetches LibTorch into .deps/venv. Or pass \
-DCMAKE_PREFIX_PATH=FOLDER with the folder of an unpacked LibTorch or of a Python torch package (\
python3 -c \"import torch\nprint(torch.utils.cmake_prefix_path)\" prints it).")

if(FER_WITH_CUDA AND NOT LibTorch_HAS_CUDA)
  message(FATAL_ERROR "FER_WITH_CUDA is ON, but the LibTorch in ${LIBTORCH_ROOT} has no CUDA "
                      "(lib/libtorch_cuda.so). Install a CUDA build of torch, or switch it OFF.")
endif()

if(LibTorch_FOUND AND NOT TARGET LibTorch::LibTorch)
  add_library(LibTorch::LibTorch INTERFACE IMPORTED)
  # SYSTEM: no warnings from LibTorch's headers.
  target_include_directories(
    LibTorch::LibTorch INTERFACE "${LIBTORCH_ROOT}/include"
                                 "${LIBTORCH_ROOT}/include/torch/csrc/api/include")
  target_compile_features(LibTorch::LibTorch INTERFACE cxx_std_20)
  # The standard library goes first: the CUDA wheel's libtorch.so carries half a copy of
  # std::filesystem, exported, and a program that finds that one first crashes in remove_all.
  set(_libraries stdc++ "${LIBTORCH_ROOT}/lib/libtorch.so" "${LIBTORCH_ROOT}/lib/libtorch_cpu.so"
                 "${LIBTORCH_ROOT}/lib/libc10.so")
  if(LibTorch_HAS_CUDA)
    # No code of this project refers to a symbol of libtorch_cuda; without this the linker would drop it, and
    # CUDA would silently be missing at run time.
    list(APPEND _libraries "-Wl,--push-state,--no-as-needed" "${LIBTORCH_ROOT}/lib/libtorch_cuda.so"
         "-Wl,--pop-state" "${LIBTORCH_ROOT}/lib/libc10_cuda.so")
    target_link_options(LibTorch::LibTorch INTERFACE "LINKER:--allow-shlib-undefined")
  endif()
  # The headers for CUDA graphs include those of the CUDA toolkit. pip installs the toolkit's wheels beside
  # torch; crt/ is in the wheel of the compiler.
  if(LibTorch_HAS_CUDA)
    file(GLOB _pip_toolkits "${LIBTORCH_ROOT}/../nvidia/cu*" "${LIBTORCH_ROOT}/../nvidia/cuda_runtime")
    set(_toolkits ${CUDAToolkit_ROOT} $ENV{CUDAToolkit_ROOT} $ENV{CUDA_HOME} $ENV{CUDA_PATH}
                  ${_pip_toolkits} /usr/local/cuda /usr)
    find_path(LIBTORCH_CUDA_INCLUDE cuda_runtime_api.h PATHS ${_toolkits} PATH_SUFFIXES include
              NO_DEFAULT_PATH)
    find_path(LIBTORCH_CUDA_CRT_INCLUDE crt/host_config.h PATHS ${_toolkits} PATH_SUFFIXES include
              NO_DEFAULT_PATH)
    find_library(LIBTORCH_CUDART NAMES libcudart.so libcudart.so.13 libcudart.so.12
                 PATHS ${_toolkits} PATH_SUFFIXES lib lib64 lib/x86_64-linux-gnu
                 NAMES_PER_DIR NO_DEFAULT_PATH)  # of the toolkit whose headers were found
    mark_as_advanced(LIBTORCH_CUDA_INCLUDE LIBTORCH_CUDA_CRT_INCLUDE LIBTORCH_CUDART)
    if(LIBTORCH_CUDA_INCLUDE AND LIBTORCH_CUDA_CRT_INCLUDE AND LIBTORCH_CUDART)
      set(LibTorch_HAS_CUDA_HEADERS TRUE)
      add_library(LibTorch::cudart INTERFACE IMPORTED)
      target_include_directories(LibTorch::cudart INTERFACE "${LIBTORCH_CUDA_INCLUDE}"
                                                            "${LIBTORCH_CUDA_CRT_INCLUDE}")
      target_link_libraries(LibTorch::cudart INTERFACE "${LIBTORCH_CUDART}")
    else()
      message(STATUS "LibTorch has CUDA, but there are no headers of the CUDA toolkit: training "
                     "works on a GPU, without CUDA graphs. CUDAToolkit_ROOT names a toolkit.")
    endif()
  endif()
  # at::parallel_for is a template over OpenMP, which without -fopenmp silently compiles to a plain loop.
  # LibTorch's own OpenMP runtime is linked: a second runtime would start more threads, and the two sets would
  # compete for the cores. Clang's code needs another runtime than GCC's.
  file(STRINGS "${LIBTORCH_ROOT}/include/ATen/Config.h" _openmp REGEX "AT_PARALLEL_OPENMP 1")
  if(_openmp)
    target_compile_options(LibTorch::LibTorch
                           INTERFACE "$<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fopenmp>")
    file(GLOB _gomp "${LIBTORCH_ROOT}/lib/libgomp*.so*" "${LIBTORCH_ROOT}/../torch.libs/libgomp*.so*")
    list(APPEND _gomp gomp)  # for a LibTorch that uses the system's runtime
    list(GET _gomp 0 _gomp)
    list(APPEND _libraries "${_gomp}")
  endif()
  if(_openmp AND NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    message(STATUS "LibTorch: this compiler is not GCC; the project's own loops run on one thread")
  endif()
  target_link_libraries(LibTorch::LibTorch INTERFACE ${_libraries})
endif()
