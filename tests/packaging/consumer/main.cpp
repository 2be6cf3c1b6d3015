// Uses an installed library without OpenCV: what header and library say of themselves is the same.
#include <fer/error.h>
#include <fer/version.h>

#include <cstdio>
#include <cstring>

int main() {
  std::printf("%s\n", fer::version());
  try {
    throw fer::Error("as a user's mistake is");
  } catch (const std::exception&) {
    return std::strcmp(fer::version(), FER_VERSION_STRING) == 0 ? 0 : 1;
  }
}
