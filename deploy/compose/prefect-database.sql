CREATE DATABASE panhuo_prefect;
