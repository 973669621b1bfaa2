from setuptools import setup

setup(name="perjankin_app")
