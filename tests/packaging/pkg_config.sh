# shellcheck shell=sh
# Compiles a C program against libfer.so by what pkg-config says, and runs it:
#   sh -e pkg_config.sh LIBRARY_FOLDER SOURCE PROGRAM PICTURE
export PKG_CONFIG_PATH="$1/pkgconfig"
# shellcheck disable=SC2046  # several words
cc -std=c99 -Wall -Wextra -pedantic -Werror "$2" -o "$3" $(pkg-config --cflags --libs fer)
cd /
LD_LIBRARY_PATH="$1" "$3" "$4"
