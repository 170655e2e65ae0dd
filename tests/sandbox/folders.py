"""What each service has in a file of one name: a new service adds a folder, and is found."""

from functools import partial

from tests import clouds

in_each_folder = partial(clouds.in_each_folder, __package__)
in_some_folders = partial(clouds.in_some_folders, __package__)
