# Builds for AArch64 with Debian's cross compiler (g++-aarch64-linux-gnu); tests run by qemu-user.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L /usr/aarch64-linux-gnu)

# The only packages needed are headers, which are the same for every architecture. The compiler must not see
# other headers of the build machine, so links to the needed ones are put into one folder, which is also
# searched for packages.
set(headers "${CMAKE_BINARY_DIR}/headers")
file(MAKE_DIRECTORY "${headers}/include")
foreach(header nlohmann catch2 xxhash.h)
  if(EXISTS "/usr/include/${header}")
    file(CREATE_LINK "/usr/include/${header}" "${headers}/include/${header}" SYMBOLIC)
  endif()
endforeach()
set(nlohmann_json_DIR "${CMAKE_CURRENT_LIST_DIR}/headers" CACHE PATH "")
set(Catch2_DIR "${CMAKE_CURRENT_LIST_DIR}/headers" CACHE PATH "")
set(FER_CROSS_HEADERS "${headers}/include")
set(XXHASH_INCLUDE_DIR "${headers}/include" CACHE PATH "")
