# cpack. Without LibTorch (preset package): fer_VERSION_ARCH.deb, fer-media_VERSION_ARCH.deb with the
# plug-ins and the 380 MB of libraries that they need, and a tar archive of both that may be unpacked
# anywhere. With it (preset package-training): fer-training_VERSION_ARCH.deb, whose programs look for
# LibTorch in FER_INSTALLED_LIBTORCH. scripts/check_packages.sh makes and tries both.
set(CPACK_PACKAGE_VENDOR "the authors of fer")
set(CPACK_PACKAGE_CONTACT "the authors of fer <fer@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Names the expressions of faces in pictures and videos")
set(CPACK_RESOURCE_FILE_LICENSE "${CMAKE_CURRENT_SOURCE_DIR}/LICENSE")
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION science)

set(CPACK_DEBIAN_FER_PACKAGE_NAME fer)
set(CPACK_DEBIAN_FER_DESCRIPTION
    "The programs fer-predict and fer-model, the library for C++ and C with its
headers, released models and a face detector. Nothing of it needs LibTorch
or Python.")
# Without the file of a detector, OpenCV's cascade (opencv-data) finds faces. The static library links the
# suggested -dev packages.
set(CPACK_DEBIAN_FER_PACKAGE_RECOMMENDS "fer-media, opencv-data")
set(CPACK_DEBIAN_FER_PACKAGE_SUGGESTS "fer-training, libopencv-dev, libtbb-dev, libjpeg-dev, libpng-dev, zlib1g-dev")

set(CPACK_DEBIAN_MEDIA_PACKAGE_NAME fer-media)
set(CPACK_DEBIAN_MEDIA_PACKAGE_DEPENDS "fer (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_MEDIA_DESCRIPTION
    "What fer needs for videos, cameras, windows, and pictures other than JPEG,
PNG and GIF: plug-ins with OpenCV's and FFmpeg's libraries.")

set(CPACK_DEBIAN_TRAINING_PACKAGE_NAME fer-training)
set(CPACK_DEBIAN_TRAINING_PACKAGE_DEPENDS "fer (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_TRAINING_DESCRIPTION
    "The programs fer-train, fer-eval and fer-data, and a fer-model that also
calibrates: they train and evaluate classifiers of facial expressions. They
need LibTorch ${LibTorch_VERSION}, which is no package of Debian's, in
${installed_libtorch}: unpack it there, or make that a link to the folder of
Python's package torch.")
set(CPACK_COMPONENTS_ALL fer media)
if(FER_WITH_TORCH)
  set(CPACK_GENERATOR DEB)
  set(CPACK_COMPONENTS_ALL training)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${LIBTORCH_ROOT}/lib")
  # Both packages contain fer-model with its completions and manual page; dpkg diverts those of package fer.
  foreach(script preinst postinst postrm)
    configure_file(cmake/packages/training.${script}.in packages/${script} @ONLY
                   FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
                                    WORLD_READ WORLD_EXECUTE)
    list(APPEND scripts "${CMAKE_CURRENT_BINARY_DIR}/packages/${script}")
  endforeach()
  set(CPACK_DEBIAN_TRAINING_PACKAGE_CONTROL_EXTRA "${scripts}")
else()
  set(CPACK_GENERATOR DEB TGZ)
endif()
include(CPack)
